# technique: starts the forbidden program by vim, by a shell command and its functions
# source: vim(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: vim
# event: ProcessExec
vim -u NONE -i NONE -es -c '!./forbidden' -c 'call system("vault/tool >>ran")' -c 'qa!' </dev/null
