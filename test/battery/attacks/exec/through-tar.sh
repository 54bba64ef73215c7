# technique: starts the forbidden program by tar, by --to-command, a checkpoint and a compressor
# source: tar(1); GTFOBins
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: tar
# event: ProcessExec
tar cf a.tar permitted.txt; tar xf a.tar --to-command=./forbidden; tar cf /dev/null permitted.txt --checkpoint=1 --checkpoint-action=exec=./forbidden; tar cf b.tar -I vault/tool permitted.txt
