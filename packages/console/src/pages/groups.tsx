import { useQuery, useQueryClient } from '@tanstack/react-query'
import { query } from '../client/aws.ts'
import { type Group, listGroups } from '../client/groups.ts'
import { createdColumn, nameColumn, pathColumn } from '../components/list-columns.tsx'
import { ListPage } from '../components/list-page.tsx'
import { NameDialog } from '../components/name-dialog.tsx'
import { groupsText } from '../text/groups.ts'
import { useText } from '../text/language.ts'

/** Every group of the account. */
export default function GroupsPage() {
  const t = useText(groupsText)
  const client = useQueryClient()
  const groups = useQuery({ queryKey: ['groups'], queryFn: ({ signal }) => listGroups(signal) })
  return (
    <ListPage<Group>
      title={t.title}
      description={t.description}
      rows={groups}
      idOf={({ arn }) => arn}
      empty={{ title: t.empty, hint: t.emptyHint }}
      find={t.find}
      create={{
        label: t.create,
        dialog: (onClose) => (
          <NameDialog
            title={t.create}
            label={t.name}
            done={t.created}
            onClose={onClose}
            onCreate={async (GroupName) => {
              await query('iam', 'CreateGroup', { GroupName })
              await client.invalidateQueries({ queryKey: ['groups'] })
            }}
          />
        ),
      }}
      columns={[
        nameColumn(t.name, ({ name }) => `/groups/${encodeURIComponent(name)}`),
        pathColumn(t.path),
        createdColumn(t.createdAt),
      ]}
    />
  )
}
