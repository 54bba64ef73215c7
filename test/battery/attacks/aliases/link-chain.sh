# technique: reads through forty symbolic links, the most that the kernel follows, each to the one before
# source: path_resolution(7)
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
ln -s vault l0
i=0
while [ $i -lt 38 ]; do
  ln -s l$i l$((i + 1))
  i=$((i + 1))
done
cat l38/secret.txt
