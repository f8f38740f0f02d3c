import type { Mailer } from './mail.ts'

const timeoutMs = 10_000

/** Hands messages to an SMTP server. The query of the URL holds nodemailer's options. */
export async function openSmtpMailer(url: string, from: string): Promise<Mailer> {
  // Loaded only where mail goes to a server: it is large.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  )
  return {
    async send({ id, to, subject, text }) {
      // An address given as an object is one recipient, whatever characters it holds.
      await transport.sendMail({
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${id}@sandkeep>`,
      })
    },
    close: () => transport.close(),
    destination: `the SMTP server ${new URL(url).host}`,
  }
}
