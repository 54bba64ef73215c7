# technique: starts the forbidden program by a process that has left its session and its parent
# source: daemon(3): double fork
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
(setsid sh -c '(sleep 0.2; ./forbidden; vault/tool) &' &); sleep 0.6
