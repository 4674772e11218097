/**
 * Whether two looks at a file have found the same modification time, in milliseconds. What is stored elsewhere later (rclone
 * with a cache, SFTP) has its fractions of a second only until then.
 */
export function isSameTime(one: number, other: number): boolean {
	const [a, b] = [Math.floor(one), Math.floor(other)];
	return a === b || ((a % 1000 === 0 || b % 1000 === 0) && Math.floor(a / 1000) === Math.floor(b / 1000));
}
