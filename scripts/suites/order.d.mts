/** The files as they are begun: those that take longest first. */
export function ordered(files: readonly string[]): string[]
/** The files with those of a folder far from each other, the last one of each first. */
export function spread(files: readonly string[]): string[]
