import Button from '@cloudscape-design/components/button'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { listRoles, type Role } from '../client/iam.ts'
import { ListPage } from '../components/list-page.tsx'
import { Mask } from '../components/mask.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { rolesText } from '../text/roles.ts'

/** Every role of the account. */
export default function RolesPage() {
  const t = useText(rolesText)
  const [, navigate] = useLocation()
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  return (
    <ListPage<Role>
      title={t.title}
      description={t.description}
      rows={roles}
      idOf={({ arn }) => arn}
      empty={{ title: t.empty, hint: t.emptyHint }}
      find={t.find}
      actions={
        <Button variant="primary" onClick={() => navigate('/roles/new')}>
          {t.create}
        </Button>
      }
      columns={[
        {
          id: 'name',
          header: t.name,
          sortingField: 'name',
          isRowHeader: true,
          cell: (role) => (
            <span className="with-mask">
              <Mask role={role} size={32} />
              <PageLink to={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</PageLink>
            </span>
          ),
        },
        { id: 'path', header: t.path, sortingField: 'path', cell: ({ path }) => path },
        {
          id: 'lastUsed',
          header: t.lastUsed,
          sortingField: 'lastUsed',
          cell: ({ lastUsed }) => (lastUsed === undefined ? t.none : <Time iso={lastUsed} />),
        },
        {
          id: 'created',
          header: t.created,
          sortingField: 'created',
          cell: ({ created }) => <Time iso={created} />,
        },
      ]}
    />
  )
}
