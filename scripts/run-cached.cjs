// Becomes dist/run/start.js: runs start.code.js from what V8 compiled of it when it was built. For another Node, V8 compiles it anew.
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const filename = `${__dirname}/start.code.js`;
const cachedData = readFileSync(`${__dirname}/start.cache`);
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
script.runInThisContext()(exports, require, module, __filename, __dirname);
