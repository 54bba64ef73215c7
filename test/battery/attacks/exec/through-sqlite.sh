# technique: starts the forbidden program by sqlite, by its shell command
# source: sqlite3(1), .shell
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: sqlite3
# event: ProcessExec
sqlite3 :memory: '.shell ./forbidden' '.system vault/tool'
