# technique: starts the forbidden program by awk, by system and by a pipe
# source: awk(1), system()
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: awk
# event: ProcessExec
awk 'BEGIN { system("./forbidden"); "vault/tool" | getline line; print line }'
