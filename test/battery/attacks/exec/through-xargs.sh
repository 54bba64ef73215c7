# technique: starts the forbidden program by xargs, one and several at once
# source: xargs(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: xargs
# event: ProcessExec
echo x | xargs ./forbidden; printf "1\n2\n" | xargs -P2 -n1 vault/tool
