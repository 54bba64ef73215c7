# technique: starts the forbidden program by gdb, which starts its program to trace it, and by its shell
# source: gdb(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: gdb
# event: ProcessExec
gdb -q -batch -nx -ex 'set startup-with-shell off' -ex run ./forbidden; gdb -q -batch -nx -ex 'shell ./forbidden' -ex '!vault/tool'
