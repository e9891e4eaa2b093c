/** Two streams of one module, in modulemd: what an AppStream host has. */
const stream = (name: string, version: string, context: string, nevra: readonly string[]) => `---
document: modulemd
version: 2
data:
  name: demo
  stream: "${name}"
  version: ${version}
  context: ${context}
  arch: x86_64
  summary: demo
  description: demo
  license:
    module: [MIT]
  profiles:
    common:
      rpms: [demo-module]
  artifacts:
    rpms: [${nevra.map((one) => `"${one}"`).join(', ')}]
...
`

/** The modules of the repository: stream 1 is the default one. */
export const modulesYaml = `${stream('1', '1', 'aaaa', ['demo-module-0:1.0-1.module_el9+1.noarch'])}${stream('1', '2', 'aaab', ['demo-module-0:1.1-1.module_el9+2.noarch'])}${stream('2', '1', 'aaac', ['demo-module-0:2.0-1.module_el9+3.noarch'])}---
document: modulemd-defaults
version: 1
data:
  module: demo
  stream: "1"
...
`
