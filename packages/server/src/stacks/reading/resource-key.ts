import type { ResolvedResource } from '../../sources/index.ts'

/** The key of a resource among all stacks that are nested in one. */
export function keyOf({ stack, logicalId }: Pick<ResolvedResource, 'stack' | 'logicalId'>): string {
  return `${stack} ${logicalId}`
}
