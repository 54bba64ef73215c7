# technique: reads and writes by the functions of a database
# source: sqlite3(1), readfile(), writefile()
# success: vault/secret.txt was changed, or its content is on the output
# control: permissive
# needs: sqlite3
sqlite3 :memory: "select writefile('copy', readfile('vault/secret.txt')); select writefile('vault/secret.txt', 'planted');" '.import vault/secret.txt t' 'select * from t'; cat copy
