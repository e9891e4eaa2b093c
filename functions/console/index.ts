export { type ConsolePorts, consoleApp } from './app.ts'
