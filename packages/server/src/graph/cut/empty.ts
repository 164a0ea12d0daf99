import type { PolicyKind } from '@omen-iam/policy'

/** A policy of a kind that allows nothing and lets nobody in: a document cannot be empty. */
export function emptyText(kind: PolicyKind): string {
  const isTrust = kind === 'trust'
  const statement = {
    Effect: 'Deny',
    ...(kind === 'identity' ? {} : { Principal: isTrust ? { AWS: '*' } : '*' }),
    Action: isTrust ? 'sts:AssumeRole' : 'none:null',
    ...(isTrust ? {} : { Resource: '*' }),
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2)
}
