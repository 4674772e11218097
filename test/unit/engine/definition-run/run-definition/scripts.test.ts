import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setUp } from './set-up.ts';

describe('scripts of a definition', () => {
	const scripts = (text: string) => ({ more: `<scripts>${text}</scripts>` });

	it('run before and after, with what they should know and nothing secret', async () => {
		const { ports, run, images, definition } = setUp(
			scripts(
				'<before path="/s/before"><argument>a b</argument><argument>$(id)</argument></before><after path="/s/after"/>',
			),
		);
		ports.env = { HOME: '/home/ada', SECRET: 's3cret', LD_PRELOAD: '/evil.so', PATH: '/evil' };
		const { image } = await run();
		expect(ports.log).toEqual(['awake', 'run /s/before a b $(id)', 'may sleep', 'run /s/after']);
		const [before, after] = ports.requests;
		expect(before).toMatchObject({ args: ['a b', '$(id)'], timeLimit: 600 });
		expect(before!.env).toMatchObject({
			HOME: '/home/ada',
			PATH: expect.stringMatching(/^\/usr\/local\/sbin:/) as string,
			AFTERIMAGE_DEFINITION: definition,
			AFTERIMAGE_NAME: 'My PC',
			AFTERIMAGE_TYPE: 'auto',
		});
		expect(Object.keys(before!.env)).not.toContain('SECRET');
		expect(Object.keys(before!.env)).not.toContain('LD_PRELOAD');
		expect(after!.env).toMatchObject({
			AFTERIMAGE_OUTCOME: 'success',
			AFTERIMAGE_FILES: image.files[0],
			AFTERIMAGE_FOLDER: images,
			AFTERIMAGE_LOG: '/runs/1.log',
		});
	});

	it('stop the run, warn or are passed over when they fail, as the definition has it', async () => {
		const failing = (onFailure: string) => {
			const all = setUp(
				scripts(
					`<before path="/s/bad" on_failure="${onFailure}" time_limit="5"/><after path="/s/always"/><after path="/s/good" run_on="success"/><after path="/s/sad" run_on="failure"/>`,
				),
			);
			all.ports.ends.set('/s/bad', { kind: 'time-limit' });
			return all;
		};
		const stop = failing('stop');
		await expect(stop.run()).rejects.toThrow('The script /s/bad took longer than 5 s and was ended');
		expect(readdirSync(stop.images)).toEqual([]);
		expect(stop.ports.log.slice(3)).toEqual(['run /s/always', 'run /s/sad']);
		expect(stop.ports.requests[1]!.env['AFTERIMAGE_OUTCOME']).toBe('failed');

		const warn = failing('warn');
		await warn.run();
		expect(warn.said()).toContain('! The script /s/bad took longer than 5 s and was ended');
		expect(warn.ports.log.slice(3)).toEqual(['run /s/always', 'run /s/good']);
		expect(warn.ports.requests[1]!.env['AFTERIMAGE_OUTCOME']).toBe('warning');

		const ignore = failing('ignore');
		await ignore.run();
		expect(ignore.said()).toContain('The script /s/bad took longer than 5 s and was ended');
		expect(ignore.ports.requests[1]!.env['AFTERIMAGE_OUTCOME']).toBe('success');
	});

	it('after the backup can make the run fail, though its image stays', async () => {
		const { ports, run, images } = setUp(scripts('<after path="/s/bad" on_failure="stop"/><after path="/s/next"/>'));
		ports.ends.set('/s/bad', { kind: 'exit', code: 3 });
		await expect(run()).rejects.toThrow('The script /s/bad ended with exit code 3');
		expect(readdirSync(images)).toHaveLength(1);
		expect(ports.log.at(-1)).toBe('run /s/next');
	});

	it('are refused when others may write them or the definition, and nothing is run', async () => {
		for (const path of ['/s/after', 'definition']) {
			for (const elevated of [true, false]) {
				const { machine, ports, run, images, definition } = setUp(
					scripts('<before path="/s/before"/><after path="/s/after"/>'),
				);
				machine.elevated = elevated;
				ports.open.set(path === 'definition' ? definition : path, 'mode 666');
				await expect(run()).rejects.toMatchObject({
					code: 'invalid-definition',
					message: expect.stringContaining('mode 666') as string,
				});
				expect(ports.log).toEqual([]);
				expect(readdirSync(images)).toEqual([]);
			}
		}
	});

	it('do not have to be there for a definition of others to be refused with administrator rights', async () => {
		const { machine, ports, run, definition } = setUp();
		ports.open.set(definition, 'mode 666');
		await expect(run()).rejects.toMatchObject({ code: 'invalid-definition' });
		machine.elevated = false;
		expect((await run()).image.backupType).toBe('full');
	});
});
