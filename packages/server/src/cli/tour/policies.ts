/** Policies of the story, small enough to be read aloud. */
const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

export const trust = (principal: Readonly<Record<string, string>>) =>
  document({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' })

export const allow = (
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
  condition?: object,
) =>
  document({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  })

/** The permission to pass a role to one service. */
export const allowPassing = (roleArn: string, service: string) =>
  allow('iam:PassRole', roleArn, { StringEquals: { 'iam:PassedToService': service } })
