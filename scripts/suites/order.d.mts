/** The files with those of a folder far from each other, the last one of each first. */
export function spread(files: readonly string[]): string[]
