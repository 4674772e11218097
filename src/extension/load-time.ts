/** When the first module of the bundle was evaluated; imported before all others, so that loading them counts. */
export const loadBegan = performance.now();
