import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { listUsers } from '../client/iam.ts'
import {
  createMfaDevice,
  type MfaDevice,
  mfaDevicesOf,
  type NewMfaDevice,
  removeMfaDevice,
} from '../client/mfa.ts'
import { useText } from '../text/language.ts'
import { mfaText } from '../text/mfa.ts'
import { shellText } from '../text/shell.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'
import { Time } from './time.tsx'

/** The MFA devices of a user. */
export function UserMfaDevices({ name }: { readonly name: string }) {
  const t = useText(mfaText)
  const shell = useText(shellText)
  const [dialog, setDialog] = useState<'add' | MfaDevice>()
  const devices = useQuery({
    queryKey: ['mfa', name],
    queryFn: ({ signal }) => mfaDevicesOf(name, signal),
  })
  if (devices.isError) return <Failure error={devices.error} />
  return (
    <>
      <Table
        variant="embedded"
        loading={devices.isPending}
        items={devices.data ?? []}
        empty={<Box color="text-status-inactive">{t.none}</Box>}
        header={
          <Header variant="h2" actions={<Button onClick={() => setDialog('add')}>{t.add}</Button>}>
            {t.title}
          </Header>
        }
        columnDefinitions={[
          { id: 'serial', header: t.serial, isRowHeader: true, cell: ({ serial }) => <code>{serial}</code> },
          {
            id: 'enabled',
            header: t.enabled,
            cell: ({ enabled }) => (enabled === undefined ? '' : <Time iso={enabled} />),
          },
          {
            id: 'remove',
            header: shell.actions,
            cell: (device) => (
              <Button variant="inline-link" onClick={() => setDialog(device)}>
                {t.deactivate}
              </Button>
            ),
          },
        ]}
      />
      {dialog === 'add' && <AddMfaDevice user={name} onClose={() => setDialog(undefined)} />}
      {typeof dialog === 'object' && <RemoveMfaDevice device={dialog} onClose={() => setDialog(undefined)} />}
    </>
  )
}

/** Asks before a device is removed. */
export function RemoveMfaDevice(props: { readonly device: MfaDevice; readonly onClose: () => void }) {
  const t = useText(mfaText)
  const { say } = useMessages()
  const client = useQueryClient()
  return (
    <Dialog
      visible
      title={t.deactivate}
      submit={t.deactivate}
      onClose={props.onClose}
      onSubmit={async () => {
        await removeMfaDevice(props.device)
        await client.invalidateQueries({ queryKey: ['mfa'] })
        say('success', t.removed)
      }}
    >
      {t.deactivateSure(props.device.serial)}
    </Dialog>
  )
}

/** Makes a virtual device, shows its QR code, and assigns it by two codes. */
export function AddMfaDevice(props: { readonly user?: string; readonly onClose: () => void }) {
  const t = useText(mfaText)
  const [user, setUser] = useState(props.user ?? '')
  const [name, setName] = useState(props.user ?? '')
  const [made, setMade] = useState<NewMfaDevice>()
  const users = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => listUsers(signal),
    enabled: props.user === undefined,
  })
  if (made !== undefined) return <AssignMfaDevice device={made} user={user} onClose={props.onClose} />
  return (
    <Dialog
      visible
      title={t.add}
      submit={t.next}
      disabled={name === '' || user === ''}
      onClose={() => undefined}
      onDismiss={props.onClose}
      onSubmit={async () => setMade(await createMfaDevice(name))}
    >
      {props.user === undefined && (
        <FormField label={t.user}>
          <Select
            options={(users.data ?? []).map((each) => ({ value: each.name }))}
            statusType={users.isPending ? 'loading' : 'finished'}
            filteringType="auto"
            selectedOption={user === '' ? null : { value: user }}
            onChange={({ detail }) => {
              setUser(detail.selectedOption.value ?? '')
              if (name === '') setName(detail.selectedOption.value ?? '')
            }}
          />
        </FormField>
      )}
      <FormField label={t.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
      </FormField>
    </Dialog>
  )
}

function AssignMfaDevice(props: {
  readonly device: NewMfaDevice
  readonly user: string
  readonly onClose: () => void
}) {
  const { device, user, onClose } = props
  const t = useText(mfaText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [codes, setCodes] = useState(['', ''])
  const isDone = codes.every((code) => /^\d{6}$/.test(code))
  return (
    <Dialog
      visible
      title={t.add}
      submit={t.assign}
      disabled={!isDone}
      onClose={onClose}
      onDismiss={() => {
        // a device that was never assigned is of no use
        void removeMfaDevice({ serial: device.serial }).catch(() => undefined)
        onClose()
      }}
      onSubmit={async () => {
        await query('iam', 'EnableMFADevice', {
          UserName: user,
          SerialNumber: device.serial,
          AuthenticationCode1: codes[0],
          AuthenticationCode2: codes[1],
        })
        await client.invalidateQueries({ queryKey: ['mfa'] })
        say('success', t.added)
      }}
    >
      <SpaceBetween size="m">
        <p>{t.scan}</p>
        <img className="qr-code" alt={t.qrCode} src={`data:image/png;base64,${device.qrCode}`} />
        <FormField label={t.secret}>
          <code>{device.secret}</code>
        </FormField>
        {[t.code1, t.code2].map((label, at) => (
          <FormField key={label} label={label}>
            <Input
              value={codes[at] ?? ''}
              inputMode="numeric"
              autoComplete="one-time-code"
              onChange={({ detail }) =>
                setCodes(codes.map((code, index) => (index === at ? detail.value.trim() : code)))
              }
            />
          </FormField>
        ))}
      </SpaceBetween>
    </Dialog>
  )
}
