# technique: reads by programs that search and compare
# source: grep(1), diff(1), xxd(1), sort(1)
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
grep -r . vault; diff permitted.txt vault/secret.txt; sort vault/secret.txt; xxd vault/secret.txt; tac vault/secret.txt; rg . vault
