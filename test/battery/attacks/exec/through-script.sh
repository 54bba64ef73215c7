# technique: starts the forbidden program by script, on a terminal of its own
# source: script(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: script
# event: ProcessExec
script -qec ./forbidden /dev/null; script -qc vault/tool typescript
