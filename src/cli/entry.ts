/**
 * What the build makes `afterimage.mjs` of. It imports nothing at once, so that a Node that lacks what the program needs gets
 * as far as saying so: it would fail while it links the modules, and print their source.
 */

/** As `engines.node` in package.json: the first of 22 and of 23 that have zstd; what follows has it too. */
const least: Readonly<Record<number, number>> = { 22: 15, 23: 8 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || minor < (least[major] ?? 0)) {
	process.stderr.write(
		`Error: afterimage needs Node 22.15 (of 23: 23.8) or newer, this is ${process.versions.node} (${process.execPath})\n`,
	);
	process.exitCode = 1;
} else {
	await import('./main.ts');
}
