/** The one style sheet: system fonts, readable on a phone, light and dark. */
import { propertiesOf, tintPercent } from './palette.ts'

const frame = `
:root{color-scheme:light dark;${propertiesOf('light')}}
@media(prefers-color-scheme:dark){:root{${propertiesOf('dark')}}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:1rem}
body{margin:0;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:.25rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--panel);padding:.5rem;z-index:1}
header{background:var(--panel);border-bottom:1px solid var(--line)}
.bar,main{max-width:76rem;margin:0 auto;padding:0 1rem}
.bar{display:flex;flex-wrap:wrap;gap:0 2rem;align-items:center;min-height:3.5rem}
.brand{display:inline-flex;gap:.5rem;align-items:center;font-weight:700;letter-spacing:-.01em;color:inherit;text-decoration:none}.brand svg{color:var(--accent)}
header nav{display:flex;flex-wrap:wrap;gap:0 1.5rem;flex:1}
header nav a{text-decoration:none;color:var(--quiet);padding:1rem 0 calc(1rem - 3px);border-bottom:3px solid transparent}
header nav a:hover{color:var(--ink)}header nav a[aria-current]{color:var(--ink);font-weight:600;border-color:var(--accent)}
header nav a[href="/stop"]{margin-left:auto;color:var(--bad)}
main{padding:1.5rem 1rem 4rem}main:focus{outline:none}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.015em;margin:0 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;line-height:1.3;margin:2.25rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .5rem}
p{margin:.5rem 0;max-width:46rem}
.lead{font-size:1.125rem;margin:0 0 1rem}.panel .lead{max-width:60rem}
.empty,.quiet{color:var(--quiet)}.quiet{font-size:.9375rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:1.25rem;margin:1rem 0}
.panel>:first-child{margin-top:0}.panel>:last-child{margin-bottom:0}`

const data = `
.table,.picture{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:.6rem;margin:.75rem 0}
.picture{padding:1rem}.picture svg{display:block;min-width:44rem;max-width:100%;height:auto;overflow:visible}
table{width:100%;border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.75rem 1rem .25rem}
th,td{text-align:left;vertical-align:top;padding:.55rem 1rem;border-top:1px solid var(--line);overflow-wrap:break-word}
thead th{border-top:0;color:var(--quiet);font-weight:600;font-size:.8125rem}
th,time,td code,.whole{white-space:nowrap}
tbody tr:hover{background:var(--paper)}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.35rem 1.25rem;margin:0}dt{color:var(--quiet)}dd{margin:0;min-width:0;overflow-wrap:anywhere}dd ul{margin:0;padding-left:1.1rem}
.cards{grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:1rem 1.5rem}.cards dt{font-size:.875rem}.cards dd{font-weight:600;font-size:.9375rem}.cards time{white-space:normal}.cards .quiet{display:block;font-weight:400}
.badge{white-space:nowrap;font-weight:600;font-size:.875rem;padding:.1rem .5rem;border-radius:1rem;background:color-mix(in srgb,currentColor ${tintPercent}%,var(--panel))}
.good{color:var(--good)}.wait{color:var(--wait)}.bad{color:var(--bad)}.busy{color:var(--accent)}
.tally{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;list-style:none;padding:0;margin:.75rem 0}
progress{appearance:none;display:block;width:100%;height:.5rem;border:0;border-radius:.25rem;background:var(--line);overflow:hidden}
progress::-webkit-progress-bar{background:var(--line)}progress::-webkit-progress-value{background:var(--good)}progress::-moz-progress-bar{background:var(--good)}
.ring>h2{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;margin-bottom:.75rem}
.zones{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 1.5rem}
.hosts{display:flex;flex-wrap:wrap;gap:.375rem;list-style:none;padding:0;margin:.5rem 0}
.hosts li{border:1px solid var(--line);border-radius:.375rem;padding:.2rem .5rem;font-size:.875rem}
.timeline{list-style:none;margin:.75rem 0;padding:0}
.timeline>li{position:relative;display:grid;grid-template-columns:12rem minmax(0,1fr);gap:0 2.5rem;padding-bottom:.9rem}
.timeline>li::before{content:"";position:absolute;left:12.9rem;top:.45rem;width:.7rem;height:.7rem;border-radius:50%;background:var(--accent)}
.timeline>li:not(:last-child)::after{content:"";position:absolute;left:13.2rem;top:1.4rem;bottom:-.3rem;width:.1rem;background:var(--line)}
.timeline time{color:var(--quiet);font-size:.9375rem;font-variant-numeric:tabular-nums}.note{font-size:.9375rem}
details{margin:.75rem 0}summary{cursor:pointer;color:var(--accent);padding:.15rem 0}.note details,td details{margin:0}.lead details{font-size:1rem;margin:.5rem 0 0}
.pages{display:flex;gap:1.5rem;margin:1rem 0}`

const forms = `
form{display:grid;gap:.75rem;max-width:34rem}label{display:grid;gap:.25rem;font-weight:600}
input,textarea{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--quiet);border-radius:.375rem;padding:.5rem .65rem;width:100%}
input[name=code]{font:1.25rem ui-monospace,monospace;letter-spacing:.1em;text-transform:uppercase}
.actions{display:flex;gap:.75rem;flex-wrap:wrap;margin:1rem 0 0}
button,.button{font:inherit;font-weight:600;padding:.6rem 1.25rem;min-height:2.75rem;border-radius:.375rem;border:1px solid var(--accent);background:var(--accent);color:var(--panel);cursor:pointer;text-decoration:none;display:inline-block}
button:hover,.button:hover{filter:brightness(1.08)}
.other{background:transparent;color:var(--bad);border-color:var(--bad)}.danger{background:var(--bad);border-color:var(--bad)}.plain{background:transparent;color:var(--accent)}
button:disabled{opacity:.6;cursor:progress}
.answer{font-weight:600;background:var(--panel);border:1px solid var(--line);border-left:.3rem solid currentColor;border-radius:.375rem;padding:.75rem 1rem;max-width:none}
.roles{list-style:none;margin:.75rem 0 0;padding:0}.roles li{margin:.5rem 0}.roles .quiet{display:block}`

/** A wide screen shows the vote beside the plan; a narrow one below it, and tables as cards. */
const widths = `
@media(min-width:64rem){.decide{display:grid;grid-template-columns:minmax(0,1fr) 22rem;gap:0 2rem;align-items:start}.decide>aside{position:sticky;top:1rem;max-height:calc(100vh - 2rem);overflow-y:auto}.decide>div>h2:first-child{margin-top:1rem}.jump{display:none}}
@media(max-width:40rem){h1{font-size:1.45rem}main{padding-top:1rem}.bar{padding-top:.6rem}header .brand{flex-basis:100%}header nav{gap:0 1.1rem}header .bar>.brand:last-child{padding-bottom:.6rem}header nav a{padding:.6rem 0 calc(.6rem - 3px)}.panel{padding:1rem}
thead{position:absolute;left:-99rem}tr{display:block;border-top:1px solid var(--line);padding:.6rem 1rem}td{display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.5rem;border:0;padding:.125rem 0}td::before{content:attr(data-name);color:var(--quiet);font-size:.875rem}td:empty{display:none}td code{white-space:normal}
dl:not(.cards){grid-template-columns:minmax(0,1fr);gap:0}dl:not(.cards) dd{margin-bottom:.5rem}.cards{grid-template-columns:1fr 1fr}
.timeline>li{grid-template-columns:minmax(0,1fr);padding-left:1.4rem}.timeline>li::before{left:0}.timeline>li:not(:last-child)::after{left:.3rem}}
@media(prefers-contrast:more){:root{--quiet:var(--ink);--line:var(--ink)}}
@media(forced-colors:active){.badge,button,.button{border:1px solid}.timeline>li::before{background:CanvasText}}
@media print{nav,form,.skip,.actions{display:none}.table,.panel,.picture{border:0;padding:0}}
`

export const styleSheet = `${frame}${data}${forms}${widths}`
