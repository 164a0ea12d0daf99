/** The short name of an ARN for people: the user, the role, the service. */
export function shortName(arn: string): string {
  const resource = arn.startsWith('arn:') ? arn.split(':').slice(5).join(':') : arn
  const [kind = '', ...rest] = resource.split('/')
  if (kind === 'assumed-role' && rest[0] !== undefined) return rest[0]
  return rest.at(-1) ?? kind
}
