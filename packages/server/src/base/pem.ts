/** A certificate in PEM; it has no dash within, so a text is read once. */
export const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g
