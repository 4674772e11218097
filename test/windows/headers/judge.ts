import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Windows } from '../support/wine.ts';

/** An expression of C++ that has a whole number, and the one that the sources take it for. */
export interface Claim {
	/** For messages, one line. */
	readonly what: string;
	readonly expression: string;
	readonly expected: bigint;
}

/** `signature` and `slot` as expressions may use them. Methods are called by the rules of GCC: a pointer to one that is virtual is one more than its byte in the table. */
const head = `
#define _WIN32_WINNT 0x0a00
#include <windows.h>
namespace driver { // winioctl.h keeps this one out, which has flags that it lacks.
#undef _NTDDSTOR_H_
#include <ntddstor.h>
}
#include <aclapi.h>
#include <sddl.h>
#include <shellapi.h>
#include <objbase.h>
#include <powrprof.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vsserror.h>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <initializer_list>

template <class T> constexpr long long bytesOf() { return sizeof(T); }
template <> constexpr long long bytesOf<void>() { return 0; }

/** Bytes of the arguments and of the result, each a digit of base 32, the result last. */
template <class R, class... A> long long shape(R (*)(A...)) {
	long long all = 0;
	(void)std::initializer_list<int>{(all = all * 32 + bytesOf<A>(), 0)...};
	return all * 32 + bytesOf<R>();
}
template <class C, class R, class... A> long long shape(R (C::*)(A...)) { return shape((R (*)(A...))nullptr); }

template <class M> long long slot(M method) {
	long long place;
	memcpy(&place, &method, sizeof place);
	return (place - 1) / 8;
}

int main() {
`;

/** What the headers of mingw-w64 have otherwise: a line for each claim. @throws Error when one has something that they do not know */
export async function contradictions(claims: readonly Claim[]): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), 'headers-'));
	const windows = Windows.fresh();
	try {
		const lines = claims.map(({ expression }) => `\tprintf("%lld\\n", (long long)(${expression}));`);
		const [source, program] = [join(folder, 'claims.cpp'), join(folder, 'claims.exe')];
		writeFileSync(source, `${head}${lines.join('\n')}\n}\n`);
		const libraries = ['-ladvapi32', '-lole32', '-loleaut32', '-lshell32', '-lpowrprof'];
		const options = ['-std=gnu++17', '-O0', '-static', '-w', '-o', program, source, ...libraries];
		const built = spawnSync('x86_64-w64-mingw32-g++', options, { encoding: 'utf8' });
		if (built.status !== 0) throw new Error(`The headers do not know all of it: ${built.stderr.slice(0, 4000)}`);
		const { code, out, err } = await windows.run(program, []);
		const found = out.trim().split(/\r?\n/).map(BigInt);
		if (code !== 0 || found.length !== claims.length) throw new Error(`It ended with ${code}: ${out}${err}`);
		return claims.flatMap(({ what, expected }, i) =>
			isSame(expected, found[i]!) ? [] : [`${what}: the headers have ${found[i]}, the sources ${expected}`],
		);
	} finally {
		windows.remove();
		rmSync(folder, { recursive: true });
	}
}

/** An HRESULT is a negative number there, and an unsigned one as it is written here. */
function isSame(ours: bigint, theirs: bigint): boolean {
	return (
		ours === theirs || (ours >= 0n && theirs < 0n && theirs >= -(2n ** 31n) && ours === BigInt.asUintN(32, theirs))
	);
}
