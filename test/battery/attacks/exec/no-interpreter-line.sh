# technique: runs a script without an interpreter line, which the shell and execvp then read
# source: execvp(3), ENOEXEC
# success: the forbidden program ran
# policy: vault
# control: permissive
sed 1d forbidden.sh >vault/bare; chmod 755 vault/bare; vault/bare; env vault/bare; sh vault/bare
