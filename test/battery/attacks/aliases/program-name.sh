# technique: reads by copies of a program under names that a careless judge exempts
# source: reference study 4.3 #1; Ona Veto blog, step 2
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
for name in apt-get dpkg-x update-cat leash-entry git; do cp /bin/cat ./$name && ./$name vault/secret.txt; done
