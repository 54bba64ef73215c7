# technique: starts the forbidden program by split, as a filter for each part
# source: split(1), --filter; GTFOBins
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
split --filter=./forbidden permitted.txt
split --filter=vault/tool permitted.txt
