# technique: reads by a lifecycle script of a package, and by an .npmrc that names another shell
# source: npm-scripts(7), npm-config(7), script-shell
# success: the content of vault/secret.txt on the output, or the forbidden program ran
# control: permissive
# needs: npm
echo '{"name":"a","version":"1.0.0","scripts":{"pretest":"cat vault/secret.txt","test":"./forbidden","posttest":"true"}}' >package.json
npm --offline --no-audit --no-fund --no-update-notifier test
echo 'script-shell=./forbidden' >.npmrc
npm --offline --no-update-notifier test
