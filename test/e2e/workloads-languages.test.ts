// Languages, their package managers and their own tests do the same inside a sandbox that permits everything as outside.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedPackages } from '../fixtures/generated-packages.ts';
import { IDENTITIES, Place } from '../fixtures/leash.ts';
import { NpmRegistry, REGISTRY_HOST } from '../fixtures/npm-registry.ts';
import { absence, unless } from '../fixtures/unless.ts';
import { isHidden, runBoth, UNSEEN, type Workload } from '../fixtures/workload.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = path.join(ROOT, 'node_modules');
const DURATIONS: readonly (readonly [RegExp, string])[] = [
  [/\d+(\.\d+)? ?m?s\b/g, 'N s'],
  [/\d\d:\d\d:\d\d/g, 'TIME'],
];

const NODE_STRESS = `
const fs = require('node:fs'), path = require('node:path'), cp = require('node:child_process');
const { promises: p } = fs;
(async () => {
  await Promise.all(Array.from({ length: 200 }, async (_, i) => {
    const d = path.join('d', String(i % 20)); await p.mkdir(d, { recursive: true });
    const f = path.join(d, String(i)); await p.writeFile(f, 'x'.repeat(i)); await p.appendFile(f, 'y');
    const h = await p.open(f, 'r+'); await h.write('z', 0); await h.truncate(i); await h.utimes(1, 2); await h.chmod(0o640); await h.close();
    await p.copyFile(f, f + '.copy'); await p.rename(f + '.copy', f + '.moved'); if (i % 2) await p.unlink(f + '.moved');
    await p.symlink(String(i), f + '.link'); await p.lutimes(f + '.link', 1, 2); if (i % 3 === 0) await p.link(f, f + '.hard');
  }));
  fs.cpSync('d', 'e', { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }); fs.rmSync('d/1', { recursive: true });
  const w = fs.watch('e'); const seen = new Promise((r) => w.once('change', r)); fs.writeFileSync('e/new', ''); await seen; w.close();
  for (const flag of ['wx', 'ax', 'r']) { try { fs.openSync(flag === 'r' ? 'none' : 'e/new', flag); } catch (e) { console.log(flag, e.code); } }
  const out = await Promise.all(Array.from({ length: 16 }, (_, i) => new Promise((r) =>
    cp.execFile('sh', ['-c', 'echo ' + i + '; exit ' + i], (e, o) => r(o.trim() + ':' + (e ? e.code : 0))))));
  console.log(out.join(' '), cp.spawnSync('cat', { input: 'through' }).stdout.toString(), cp.spawnSync('none').error.code);
  const child = cp.fork(__filename + '.child.js'); child.send('ping'); console.log(await new Promise((r) => child.once('message', r)));
  child.kill('SIGTERM'); console.log(await new Promise((r) => child.once('exit', (c, s) => r(s))));
  const { Worker } = require('node:worker_threads');
  console.log(await new Promise((r) => new Worker('require("worker_threads").parentPort.postMessage(require("fs").readdirSync("e").length)', { eval: true }).once('message', r)));
  const server = require('node:http').createServer((q, s) => s.end(q.url)).listen(0, '127.0.0.1', async () => {
    console.log(await (await fetch('http://127.0.0.1:' + server.address().port + '/path')).text()); server.close();
    const u = require('node:net').createServer((s) => s.end('unix')).listen('sock', () => require('node:net').connect('sock').on('data', (b) => { console.log(String(b)); u.close(); }));
  });
})();
`;

const WHEEL = `import zipfile
with zipfile.ZipFile('wheels/thing-1.0-py3-none-any.whl', 'w') as z:
    z.writestr('thing/__init__.py', 'def main():\\n    print("thing runs")\\n')
    z.writestr('thing-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: thing\\nVersion: 1.0\\n')
    z.writestr('thing-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    z.writestr('thing-1.0.dist-info/entry_points.txt', '[console_scripts]\\nthing = thing:main\\n')
    z.writestr('thing-1.0.dist-info/RECORD', '')
`;

const PYTHON = `import asyncio, multiprocessing, subprocess, tempfile, os, shutil, pathlib, signal, threading, fcntl, mmap
def square(n): return n * n
async def lines():
    p = await asyncio.create_subprocess_exec('sh', '-c', 'read x; echo got $x', stdin=-1, stdout=-1)
    out, _ = await p.communicate(b'it\\n'); return out
async def echo():
    async def serve(r, w): w.write(await r.readline()); await w.drain(); w.close()
    s = await asyncio.start_server(serve, '127.0.0.1', 0); r, w = await asyncio.open_connection(*s.sockets[0].getsockname())
    w.write(b'line\\n'); line = await r.readline(); w.close(); s.close(); return line
if __name__ == '__main__':
    for method in ('fork', 'spawn', 'forkserver'):
        with multiprocessing.get_context(method).Pool(4) as pool: print(method, sum(pool.map(square, range(100))))
    print(asyncio.run(lines()), asyncio.run(echo()), asyncio.run(asyncio.wait_for(echo(), 60)))
    q = multiprocessing.Queue(); multiprocessing.Process(target=q.put, args=('queued',)).start(); print(q.get())
    m = multiprocessing.shared_memory.SharedMemory(create=True, size=10) if hasattr(multiprocessing, 'shared_memory') else None
    with tempfile.TemporaryDirectory() as d:
        p = pathlib.Path(d, 'a'); p.write_text('x'); p.chmod(0o600); p.rename(p.with_name('b')); shutil.copytree(d, d + '/c' if False else d + 'c'); shutil.rmtree(d + 'c')
        os.link(d + '/b', d + '/h'); os.symlink('b', d + '/s'); print(sorted(os.listdir(d)), os.stat(d + '/b').st_nlink, os.path.realpath(d + '/s') == d + '/b')
        f = open(d + '/b', 'r+b'); fcntl.flock(f, fcntl.LOCK_EX); f.truncate(4096); mm = mmap.mmap(f.fileno(), 4096); mm[:3] = b'abc'; mm.flush(); print(open(d + '/b', 'rb').read(3))
    print(subprocess.run(['sort'], input=b'b\\na\\n', capture_output=True).stdout, subprocess.run('exit 3', shell=True).returncode)
    try: subprocess.run(['/none'])
    except FileNotFoundError as e: print(e)
    t = [threading.Thread(target=subprocess.run, args=(['true'],)) for _ in range(8)]; [x.start() for x in t]; [x.join() for x in t]
    signal.signal(signal.SIGALRM, lambda *a: print('alarm')); signal.setitimer(signal.ITIMER_REAL, 0.05); signal.pause()
`;

const workloads: readonly Workload[] = [
  {
    name: 'node: files, processes, workers, servers',
    programs: ['node'],
    files: {
      'stress.js': NODE_STRESS,
      'stress.js.child.js': "process.on('message', (m) => process.send(m + ' pong')); setInterval(() => {}, 1000);",
    },
    script: 'node stress.js',
    unstable: /^$/,
  },
  {
    name: 'vitest, of a small suite',
    programs: ['node'],
    files: {
      'vitest.config.mjs': "export default { cacheDir: 'cache', test: { pool: 'forks', maxWorkers: 2 } };",
      'a.test.js':
        "import { expect, it } from 'vitest'; it('adds', () => expect(1 + 1).toBe(2)); it('fails', () => expect(1).toBe(2));",
      'b.test.js':
        "import { it } from 'vitest'; import fs from 'node:fs'; it('writes', () => fs.writeFileSync('written', 'x'));",
    },
    script: `mkdir node_modules; ln -s ${MODULES}/* node_modules/; NO_COLOR=1 node node_modules/vitest/vitest.mjs run --no-file-parallelism >said 2>&1 || echo status $?; grep -aE '^ *(Tests|Test Files) ' said; grep -ac 'a.test.js:' said; rm -r node_modules said; rm -rf cache`,
    masks: DURATIONS,
  },
  {
    name: 'tsc -b of this repository',
    programs: ['node'],
    script: `cp -r ${ROOT}/src ${ROOT}/tsconfig.base.json ${ROOT}/package.json .; ln -s ${MODULES} node_modules; node node_modules/typescript/bin/tsc -b src/cli; ls dist; node dist/cli/main.js --version`,
    unstable: /\.tsbuildinfo$/,
  },
  {
    name: 'python: processes, asyncio, files, locks, signals',
    programs: ['python3'],
    files: { 'all.py': PYTHON },
    script: 'python3 all.py',
    env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' },
  },
  {
    name: 'pip install from a folder of wheels into a venv',
    programs: ['python3', 'pip3'],
    files: { 'wheel.py': WHEEL, 'wheels/.keep': '' },
    script: `python3 wheel.py; python3 -m venv v; v/bin/pip install --no-compile --disable-pip-version-check --no-index --find-links wheels thing; v/bin/thing; v/bin/pip uninstall -qy thing; v/bin/pip list --format=freeze | wc -l`,
    env: { PYTHONDONTWRITEBYTECODE: '1', PIP_NO_CACHE_DIR: '1', SOURCE_DATE_EPOCH: '315532800' },
    unstable: /\.whl$|__pycache__/,
  },
  {
    name: 'perl: files, forks, pipes, sockets',
    programs: ['perl'],
    script: `perl -MIO::Socket -MFile::Find -MFile::Copy -MFcntl=:flock -e '$|=1; for my $i (1..30) { open my $f, ">", "f$i"; print $f $i; close $f; } copy("f1", "c"); rename "c", "m"; unlink "f2";
      symlink "f3", "l"; open my $g, "<", "l"; flock $g, LOCK_SH or die; print <$g>, "\\n"; my $n = 0; find(sub { $n++ if -f }, "."); print "$n\\n";
      my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die; if (!fork) { my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport); print $c "hello\\n"; exit } print $s->accept->getline; wait; print \`echo back; exit 2\`, $? >> 8, "\\n"; chmod 0600, "f3"; utime 1, 2, "f3"; printf "%o %d\\n", (stat "f3")[2], (stat "f3")[9];'`,
  },
  {
    name: 'ruby: files, processes, threads, unix sockets',
    programs: ['ruby'],
    script: `ruby -rsocket -rfileutils -rtmpdir -e 'FileUtils.mkdir_p "a/b"; 30.times { |i| File.write("a/b/#{i}", i) }; FileUtils.cp_r "a", "c"; FileUtils.mv "c", "d"; FileUtils.rm_r "a"; puts Dir["d/**/*"].sort.size; puts IO.popen("cat", "r+") { |p| p.write "x"; p.close_write; p.read }
      s = UNIXServer.new("sock"); t = Thread.new { s.accept.puts "unix" }; puts UNIXSocket.new("sock").gets; t.join; pid = fork { exit 7 }; Process.wait pid; puts $?.exitstatus; Dir.mktmpdir { |x| File.symlink "y", x + "/l"; puts File.readlink x + "/l" }; File.open("d/b/1", "r+") { |f| f.flock File::LOCK_EX; f.truncate 0 }; system("exit 4"); puts $?.exitstatus'`,
  },
  {
    name: 'php: files, processes, streams',
    programs: ['php'],
    script: `php -r 'mkdir("a/b", 0755, true); for ($i = 0; $i < 30; $i++) file_put_contents("a/b/$i", $i); rename("a/b/1", "a/one"); copy("a/one", "a/two"); symlink("one", "a/l"); echo file_get_contents("a/l"), count(scandir("a/b")), "\\n"; $f = fopen("a/two", "c+"); flock($f, LOCK_EX); ftruncate($f, 0); echo shell_exec("echo sub"); $p = proc_open(["cat"], [["pipe", "r"], ["pipe", "w"]], $q); fwrite($q[0], "through\\n"); fclose($q[0]); echo stream_get_contents($q[1]); chmod("a/two", 0600); touch("a/two", 1000); echo substr(sprintf("%o", fileperms("a/two")), -4), filemtime("a/two"), "\\n"; unlink("a/l");'`,
  },
  {
    name: 'java: compile and run',
    programs: ['java', 'javac'],
    files: {
      'Main.java':
        'import java.nio.file.*; public class Main { public static void main(String[] a) throws Exception { Path p = Files.createDirectories(Path.of("x/y")); for (int i = 0; i < 20; i++) Files.writeString(p.resolve("" + i), "" + i); Files.move(p.resolve("1"), p.resolve("one")); Files.copy(p.resolve("2"), p.resolve("two")); System.out.println(Files.list(p).count()); Process q = new ProcessBuilder("echo", "sub").start(); System.out.print(new String(q.getInputStream().readAllBytes())); System.out.println(q.waitFor()); } }',
    },
    script: 'javac -J-XX:-UsePerfData Main.java && java -XX:-UsePerfData Main',
  },
];

describe.each(IDENTITIES)('as %s', (as) => {
  for (const workload of workloads) {
    const isUnseen = workload.script.includes(MODULES) && isHidden(MODULES);
    const reason = absence(workload.programs) ?? (isUnseen ? UNSEEN : undefined);
    it(workload.name, { timeout: 240_000, ...unless(reason) }, async () => {
      const place = new Place(as);
      try {
        const { outside, inside } = await runBoth(place, workload);
        expect(inside).toEqual(outside);
        expect(outside.status).toBe(0);
      } finally {
        place.remove();
      }
    });
  }

  it('npm ci of a lock, with programs and install scripts', { timeout: 240_000 }, async () => {
    const place = new Place(as);
    const registry = new NpmRegistry(generatedPackages(60));
    const port = await registry.listen();
    try {
      const workload: Workload = {
        name: 'npm ci',
        files: { 'package.json': registry.project(), 'package-lock.json': registry.lock() },
        script: `npm ci; node_modules/.bin/generated-10; cat node_modules/generated-50/installed; rm -r home tmp`,
        env: {
          npm_config_registry: `http://127.0.0.1:${port}/`,
          npm_config_replace_registry_host: 'always',
          npm_config_fetch_retries: '0',
          // What would dial other hosts.
          npm_config_audit: 'false',
          npm_config_fund: 'false',
          npm_config_update_notifier: 'false',
        },
        masks: DURATIONS,
      };
      const { outside, inside } = await runBoth(place, workload, {
        args: ['--resolve', `${REGISTRY_HOST}:80:127.0.0.1:${port}`],
        env: { npm_config_registry: `http://${REGISTRY_HOST}/` },
      });
      expect(inside).toEqual(outside);
      expect(outside.status).toBe(0);
      expect(registry.asked.filter((asked) => asked.endsWith('.tgz'))).toHaveLength(120);
    } finally {
      registry.close();
      place.remove();
    }
  });
});

const TEST_SUITE = '/usr/lib/python3.11/test';
const CPYTHON = [
  'test_os',
  'test_posix',
  'test_shutil',
  'test_tempfile',
  'test_pathlib',
  'test_glob',
  'test_fileio',
  'test_subprocess',
];

/** Names that are not UTF-8 cannot be created (docs/transparency.md); and inside there is one user. */
const EXPECTED = /^\w+ \(test\.(test_os\.Pep383Tests\.\w+|test_subprocess\.\w+\.test_(user|group))\)$/;

/** "name (module.Class.name)" → its verdict, for each test. */
function verdicts(text: string): Record<string, string> {
  const lines = [
    ...text.matchAll(/^(\w+ \(test[\w.]+\))(?:\n.*)? \.\.\. (?:[^\n]*?)(ok|FAIL|ERROR|skipped|expected failure)/gm),
  ];
  return Object.fromEntries(lines.map(([, name = '', verdict = '']) => [name, verdict]));
}

// Some of the folder comes with the library alone.
const hasSuite = CPYTHON.every((module) => existsSync(path.join(TEST_SUITE, `${module}.py`)));
const NO_SUITE = `${TEST_SUITE} is not there, or not whole (libpython3.11-testsuite)`;
// Root has capabilities outside; inside nobody has, so an ordinary user is what can be compared.
describe.each(IDENTITIES.slice(-1))("CPython's own tests, as %s", unless(hasSuite ? undefined : NO_SUITE), (as) => {
  it.each(CPYTHON)('%s', { timeout: 280_000 }, async (module) => {
    const place = new Place(as);
    try {
      const { outside, inside } = await runBoth(place, {
        name: module,
        script: `/usr/bin/python3 -m test.regrtest -v ${module} 2>&1 </dev/null || true`,
        env: { PYTHONDONTWRITEBYTECODE: '1' },
        unstable: /^/,
      });
      const bare = verdicts(outside.stdout);
      const leash = verdicts(inside.stdout);
      expect(Object.keys(bare).length).toBeGreaterThan(5);
      const differ = Object.entries(bare).filter(([name, verdict]) => leash[name] !== verdict && !EXPECTED.test(name));
      expect(differ.map(([name, verdict]) => `${name}: ${verdict}, inside: ${leash[name]}`)).toEqual([]);
    } finally {
      place.remove();
    }
  });
});
