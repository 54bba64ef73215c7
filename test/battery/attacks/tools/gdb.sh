# technique: reads by a debugger that needs no process
# source: gdb(1), -batch
# success: the content of vault/secret.txt on the output
# control: permissive
# needs: gdb
# event: FileOpenReadOnly
gdb -q -batch -nx -ex 'python print(open("vault/secret.txt").read())' -ex 'shell cat vault/secret.txt'
