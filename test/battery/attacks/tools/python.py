# technique: reads the forbidden file by every way that python has
# source: python3: open, os, mmap, shutil, ctypes
# success: the content of vault/secret.txt on the output
# control: permissive
# needs: python3
# event: FileOpenReadOnly
import ctypes, mmap, os, shutil

NAME = 'vault/secret.txt'
WAYS = [
    lambda: open(NAME, 'rb').read(),
    lambda: os.read(os.open(NAME, os.O_RDONLY), 64),
    lambda: mmap.mmap(os.open(NAME, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:],
    lambda: open(shutil.copyfile(NAME, 'copy'), 'rb').read(),
    lambda: os.pread(os.open('secret.txt', os.O_RDONLY, dir_fd=os.open('vault', os.O_PATH)), 64, 0),
    lambda: os.read(ctypes.CDLL(None).open(NAME.encode(), 0), 64),
]
for way in WAYS:
    try:
        print(way())
    except Exception as error:
        print(error)
