import Button from '@cloudscape-design/components/button'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listMfaDevices, type MfaDevice } from '../client/mfa.ts'
import { ListPage } from '../components/list-page.tsx'
import { AddMfaDevice, RemoveMfaDevice } from '../components/mfa-devices.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { mfaText } from '../text/mfa.ts'
import { shellText } from '../text/shell.ts'

/** Every virtual MFA device of the account, assigned or not. */
export default function MfaPage() {
  const t = useText(mfaText)
  const shell = useText(shellText)
  const [dialog, setDialog] = useState<MfaDevice>()
  const devices = useQuery({ queryKey: ['mfa'], queryFn: ({ signal }) => listMfaDevices(signal) })
  return (
    <>
      <ListPage<MfaDevice>
        title={t.title}
        description={t.description}
        rows={devices}
        idOf={({ serial }) => serial}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        create={{ label: t.add, dialog: (onClose) => <AddMfaDevice onClose={onClose} /> }}
        columns={[
          {
            id: 'serial',
            header: t.serial,
            sortingField: 'serial',
            isRowHeader: true,
            cell: ({ serial }) => <code>{serial}</code>,
          },
          {
            id: 'user',
            header: t.user,
            sortingField: 'user',
            cell: ({ user }) =>
              user === undefined ? (
                t.notEnabled
              ) : user === 'root' ? (
                user
              ) : (
                <PageLink to={`/users/${encodeURIComponent(user)}`}>{user}</PageLink>
              ),
          },
          {
            id: 'enabled',
            header: t.enabled,
            sortingField: 'enabled',
            cell: ({ enabled }) => (enabled === undefined ? t.notEnabled : <Time iso={enabled} />),
          },
          {
            id: 'remove',
            header: shell.actions,
            cell: (device) => (
              <Button
                variant="inline-link"
                ariaLabel={`${t.deactivate} ${device.serial}`}
                onClick={() => setDialog(device)}
              >
                {t.deactivate}
              </Button>
            ),
          },
        ]}
      />
      {dialog !== undefined && <RemoveMfaDevice device={dialog} onClose={() => setDialog(undefined)} />}
    </>
  )
}
