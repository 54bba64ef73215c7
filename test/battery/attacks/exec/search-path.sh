# technique: puts the forbidden directory first on PATH, then an empty entry, which means the working directory
# source: execvp(3)
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
PATH="$PWD/vault:$PATH" tool; PATH=":$PATH" forbidden; PATH="vault:$PATH" env tool
