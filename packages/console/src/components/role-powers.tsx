import Box from '@cloudscape-design/components/box'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery } from '@tanstack/react-query'
import { query } from '../client/aws.ts'
import { effectiveRest } from '../client/effective.ts'
import { roleOf } from '../client/iam.ts'
import { managedPolicy, policiesOf } from '../client/policies.ts'
import { askText } from '../text/ask.ts'
import { useText } from '../text/language.ts'
import { ServiceBars } from './service-bars.tsx'

/**
 * Counts, by service, the actions of a role within its boundary. Shows nothing to those who may not read its policies.
 */
export function RolePowers({ name }: { readonly name: string }) {
  const t = useText(askText)
  const rest = useQuery({
    queryKey: ['role powers', name],
    queryFn: async ({ signal }) => {
      const [answer, policies] = await Promise.all([
        query('iam', 'GetRole', { RoleName: name }, { signal }),
        policiesOf('Role', name, signal),
      ])
      const { boundary } = roleOf(answer.child('Role'))
      const limit = boundary === undefined ? undefined : await managedPolicy(boundary, signal)
      return effectiveRest(
        policies.map(({ document }) => document),
        limit?.document,
      )
    },
    retry: false,
  })
  if (rest.isError) return null
  return (
    <div>
      <Box variant="h3">{t.powers(name)}</Box>
      {rest.isPending ? <Spinner /> : <ServiceBars rest={rest.data} none={t.noPowers} />}
    </div>
  )
}
