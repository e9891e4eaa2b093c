export { consoleApp } from './app.ts'
export { propertiesOf } from './palette.ts'
