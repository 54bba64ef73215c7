# technique: starts the forbidden program by npm: a script and another shell
# source: npm-scripts(7); npm-config(7), script-shell
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: npm
# event: ProcessExec
echo '{"name":"a","version":"1.0.0","scripts":{"x":"./forbidden","y":"true"}}' >package.json
npm --offline --no-update-notifier run x
npm --offline --no-update-notifier --script-shell=./forbidden run y
