# technique: reads by make: a recipe and a function
# source: make(1)
# success: the content of vault/secret.txt on the output
# control: permissive
# needs: make
# event: FileOpenReadOnly
printf 'all:\n\tcat vault/secret.txt\n\techo $(file <vault/secret.txt)\n' >Makefile; make --silent
