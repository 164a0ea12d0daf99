import { useQuery } from '@tanstack/react-query'
import { query } from '../client/aws.ts'
import { listGroups } from '../client/groups.ts'
import { NameList } from '../components/name-list.tsx'
import { groupsText } from '../text/groups.ts'
import { useText } from '../text/language.ts'

/** Every group of the account. */
export default function GroupsPage() {
  const t = useText(groupsText)
  return (
    <NameList
      text={{ ...t, created: t.createdAt, done: t.created }}
      kind="groups"
      rows={useQuery({ queryKey: ['groups'], queryFn: ({ signal }) => listGroups(signal) })}
      onCreate={(GroupName) => query('iam', 'CreateGroup', { GroupName })}
    />
  )
}
