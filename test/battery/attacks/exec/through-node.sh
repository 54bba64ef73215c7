# technique: starts the forbidden program by node, by spawn, fork and exec
# source: node:child_process
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
node -e 'const c = require("child_process"); for (const f of [() => c.execFileSync("./forbidden"), () => c.execSync("vault/tool"), () => c.spawnSync("permitted", { argv0: "permitted", shell: "./forbidden" }).stdout]) try { console.log(String(f())) } catch {}'
