# technique: starts the forbidden program by the compiler, which starts its parts from a directory of choice
# source: gcc(1), -B, -wrapper
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: cc
# event: ProcessExec
echo "int x;" >a.c; cc -wrapper ./forbidden -c a.c; ln -s "$PWD/vault/tool" as; mkdir b; ln -s "$PWD/forbidden" b/as; cc -B b/ -c a.c
