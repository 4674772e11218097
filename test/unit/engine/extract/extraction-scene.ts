import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeNode } from '../../../../src/disk/files.ts';
import { Extraction } from '../../../../src/engine/extract/extraction.ts';
import { FactSetter } from '../../../../src/engine/extract/fact-setter.ts';
import { survey } from '../../../../src/engine/extract/survey.ts';
import { nameRules } from '../../../../src/engine/extract/target-names.ts';
import { openTarget } from '../../../../src/engine/extract/target-folder.ts';
import { entriesOf } from '../../../../src/engine/extract/walk-entries.ts';
import type { AttributePort } from '../../../../src/engine/ports.ts';
import { Progress } from '../../../../src/engine/progress.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const linux = nameRules('ext4', 'linux');

/** An empty folder with nothing beside it, and what extracts into it as a job does. */
export function setUp(attributes?: AttributePort) {
	const above = tempFolder();
	const target = join(above, 'target');
	mkdirSync(target);
	const machine = new FakeMachine();
	const controller = new AbortController();
	const ports = { ...machine.context.ports, ...(attributes === undefined ? {} : { attributes }) };
	const context = { ...machine.context, ports, signal: controller.signal };
	const extract = async (nodes: readonly TreeNode[], overwrite = false, rules = linux) => {
		const entries = entriesOf(
			nodes.map((node) => [node.name, node] as const),
			rules,
		);
		await survey(entries, target, overwrite, rules, context.signal);
		const setter = new FactSetter({ owners: false, attributes: context.ports.attributes, isRoot: true });
		const opened = await openTarget(target, setter);
		try {
			const progress = new Progress(context.ports.clock, () => undefined);
			const extraction = new Extraction(overwrite, setter, progress, context);
			await extraction.run(entries, opened, rules);
			return extraction.result();
		} finally {
			await opened.close();
		}
	};
	return { above, target, extract, controller, machine };
}
