import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/protocol/jobs.ts';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { definition, script } from './scene.ts';

requireTools(['unshare', 'setpriv']);
requireRoot();

/** Root's own history, in a folder that stands for /var/lib, and another user of the machine. */
function setUp() {
	const library = tempFolder();
	chmodSync(library, 0o755);
	const home = join(library, 'home');
	mkdirSync(home);
	const enter = 'mount --make-rprivate / && mount --bind "$0" /var/lib && unset AFTERIMAGE_DATA && exec "$@"';
	const root = ['unshare', '--mount', 'sh', '-c', enter, library];
	const other = [...root, 'setpriv', '--reuid=47111', '--regid=47111', '--clear-groups', 'env', `HOME=${home}`];
	const runsOf = async (under: readonly string[]) =>
		(await afterimageResult<{ runs: RunRecord[] }>(['runs'], 0, under)).runs;
	const tell = async (under: readonly string[], command: readonly string[]) => {
		const { stdout } = await run(under[0]!, [...under.slice(1), ...command]);
		return stdout.toString();
	};
	return { folder: join(library, 'afterimage/runs'), root, other, runsOf, tell };
}

describe('the runs of root', () => {
	it('are listed for everybody, with a log in which nobody else reads what scripts were given and said', async () => {
		const { root, other, runsOf, tell } = setUp();
		const made = definition();
		const before = script(made.home, 'before.sh', 'echo "connected as scott"');
		const { path } = definition(
			`<scripts><before path="${before}"><argument>--password=tiger</argument></before></scripts>`,
		);
		await afterimageResult(['backup', path], 0, root);

		const [seen] = await runsOf(other);
		expect(seen).toMatchObject({ kind: 'backup', outcome: 'success', definition: path });
		expect(seen!.bytesWritten).toBeGreaterThan(0);
		const open = await tell(other, ['cat', seen!.logPath!]);
		expect(open).toContain(`Script ${before}\n`);
		expect(open).toContain('which root alone may read');
		const all = await tell(other, ['sh', '-c', 'cat /var/lib/afterimage/runs/* 2> /dev/null || true']);
		expect(all).toContain('"type":"end"');
		expect(all).not.toMatch(/tiger|scott/);

		const [own] = await runsOf(root);
		expect({ ...own, logPath: '' }).toEqual({ ...seen, logPath: '' });
		const whole = await tell(root, ['cat', own!.logPath!]);
		expect(whole).toContain(`Script ${before} --password=tiger\n`);
		expect(whole).toContain('  | connected as scott\n');
		expect(open).toContain(own!.logPath);
	});

	it('of before, with one log that everybody may read or root alone, are listed as they were', async () => {
		const { folder, root, other, runsOf } = setUp();
		await afterimage(['verify', '/none.mrimgx'], undefined, root);
		const [name] = readdirSync(folder).filter((one) => one.endsWith('.jsonl'));
		const id = name!.slice(0, -'.jsonl'.length);
		const log = join(folder, `${id}.log`);
		rmSync(join(folder, `${id}.public.log`));
		chmodSync(log, 0o644);
		expect((await runsOf(other))[0]).toMatchObject({
			outcome: 'failed',
			logPath: `/var/lib/afterimage/runs/${id}.log`,
		});
		const readable = await afterimage(['runs'], undefined, other);
		expect(readable.out).not.toContain('root alone');
		chmodSync(log, 0o600);
		const closed = await afterimage(['runs'], undefined, other);
		expect(closed).toMatchObject({ code: 0, err: '' });
		expect(closed.out).toContain(`${id}.log (root alone may read it)`);
		expect((await afterimage(['runs'], undefined, root)).out).not.toContain('root alone');
	});
});
