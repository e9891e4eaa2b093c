/** The one style sheet: system fonts, a measure that reads on a phone, contrast of 4.5 to 1 or more in light and dark. */
export const styleSheet = `
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fbfcfd;--quiet:#556172;--line:#d5dbe3;--accent:#0b5cad;--good:#17663a;--wait:#7a4b00;--bad:#a3182c;--panel:#f1f4f8}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf2;--paper:#12171e;--quiet:#a3afbf;--line:#303a47;--accent:#7ab8ff;--good:#6fd39a;--wait:#f0bf66;--bad:#ff8f9c;--panel:#1a212b}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem;z-index:1}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding:.75rem 1rem;border-bottom:1px solid var(--line);background:var(--panel)}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}nav a{text-decoration:none;padding:.25rem 0}nav a[aria-current]{border-bottom:2px solid;font-weight:600}
main{max-width:76rem;margin:0 auto;padding:1rem}main:focus{outline:none}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 1rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}h3{font-size:1rem;margin:0 0 .5rem}h4{font-size:.875rem;color:var(--quiet);margin:.75rem 0 .25rem}
.table,.picture{overflow-x:auto}.table+.table,dl+.table{margin-top:1.25rem}.picture svg{display:block;min-width:44rem;max-width:100%;height:auto;overflow:visible}
.cards{grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem 1.25rem}.cards dd{font-weight:600}
.pages{margin:1rem 0}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th,time,td code{white-space:nowrap}
th{color:var(--quiet);font-weight:600;font-size:.875rem}
tbody tr:hover{background:var(--panel)}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1.25rem;margin:0}dt{color:var(--quiet)}dd{margin:0;min-width:0;overflow-wrap:anywhere}dd ul{margin:0;padding-left:1.1rem}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
details{margin:.75rem 0}summary{cursor:pointer;color:var(--accent)}
progress{width:100%;height:.6rem;accent-color:var(--good)}
.badge{white-space:nowrap;font-weight:600}.good{color:var(--good)}.wait{color:var(--wait)}.bad{color:var(--bad)}.busy{color:var(--accent)}
.empty,.quiet{color:var(--quiet)}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:1rem 0}
.panel>h2:first-child{margin-top:0}
.tally{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.25rem 0}
.hosts{display:flex;flex-wrap:wrap;gap:.375rem;list-style:none;padding:0;margin:.5rem 0}
.zones{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 1.5rem}
.hosts li{border:1px solid var(--line);border-radius:.25rem;padding:.125rem .5rem;font-size:.8125rem;background:var(--paper)}
form{display:grid;gap:.75rem;max-width:34rem}label{display:grid;gap:.25rem;font-weight:600}
input,textarea,select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--quiet);border-radius:.25rem;padding:.5rem;width:100%}
input[name=code]{font:1.25rem ui-monospace,monospace;letter-spacing:.1em;text-transform:uppercase;max-width:14rem}
.actions{display:flex;gap:.75rem;flex-wrap:wrap}
button,.button{font:inherit;font-weight:600;padding:.6rem 1.25rem;min-height:2.75rem;border-radius:.375rem;border:1px solid var(--accent);background:var(--accent);color:var(--paper);cursor:pointer;text-decoration:none;display:inline-block}
button.other,.button.other{background:transparent;color:var(--bad);border-color:var(--bad)}
button:disabled{opacity:.6;cursor:progress}
.answer{font-weight:600}
@media(max-width:40rem){thead{position:absolute;left:-99rem}tr{display:block;border-bottom:1px solid var(--line);padding:.5rem 0}td{display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.5rem;border:0;padding:.125rem 0}td::before{content:attr(data-name);color:var(--quiet);font-size:.875rem}td:empty{display:none}td code{white-space:normal}dl:not(.cards){grid-template-columns:minmax(0,1fr);gap:0}.cards{grid-template-columns:1fr 1fr}dd{margin-bottom:.5rem}}
@media(prefers-contrast:more){:root{--quiet:var(--ink);--line:var(--ink)}}
@media print{nav,form,.skip{display:none}}
`
