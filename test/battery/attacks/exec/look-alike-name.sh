# technique: runs a copy whose name looks the same: another alphabet, another case, a blank after it
# source: Unicode TR39, confusables
# success: the forbidden program ran
# policy: content
# control: permissive
# event: ProcessExec
for name in 'fоrbidden' 'Forbidden' 'forbidden ' 'forbidden​'; do cp forbidden "$name" && "./$name"; done
