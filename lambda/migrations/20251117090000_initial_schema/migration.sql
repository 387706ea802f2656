-- The application's schema as it existed before this project: nine tables with primary keys and unique constraints, no other index.
-- Times are UTC without a time zone, as Prisma writes them. Identifiers are UUIDs as text, which the application generates.

CREATE TYPE "BookingStatus" AS ENUM ('CONFIRMED', 'CANCELLED', 'COMPLETED', 'NO_SHOW', 'RESCHEDULED');
CREATE TYPE "MessageDirection" AS ENUM ('INBOUND', 'OUTBOUND');
CREATE TYPE "MessageType" AS ENUM ('TEXT', 'TEMPLATE', 'IMAGE', 'DOCUMENT', 'AUDIO', 'VIDEO', 'INTERACTIVE');
CREATE TYPE "MessageStatus" AS ENUM ('SENT', 'DELIVERED', 'READ', 'FAILED');
CREATE TYPE "TemplateStatus" AS ENUM ('PENDING', 'APPROVED', 'REJECTED');
CREATE TYPE "ConversationStatus" AS ENUM ('ACTIVE', 'EXPIRED', 'BLOCKED', 'ARCHIVED');

CREATE TABLE salons (
  id              TEXT         NOT NULL,
  name            TEXT         NOT NULL,
  phone_number_id TEXT         NOT NULL,
  access_token    TEXT         NOT NULL,
  is_active       BOOLEAN      NOT NULL DEFAULT true,
  created_at      TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at      TIMESTAMP(3) NOT NULL,
  CONSTRAINT salons_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX salons_phone_number_id_key ON salons (phone_number_id);

CREATE TABLE bookings (
  id             TEXT            NOT NULL,
  booking_code   TEXT            NOT NULL,
  salon_id       TEXT            NOT NULL,
  customer_phone TEXT            NOT NULL,
  customer_name  TEXT            NOT NULL,
  service        TEXT            NOT NULL,
  start_ts       TIMESTAMP(3)    NOT NULL,
  end_ts         TIMESTAMP(3),
  status         "BookingStatus" NOT NULL DEFAULT 'CONFIRMED',
  notes          TEXT,
  created_at     TIMESTAMP(3)    NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at     TIMESTAMP(3)    NOT NULL,
  CONSTRAINT bookings_pkey PRIMARY KEY (id),
  CONSTRAINT bookings_salon_id_fkey FOREIGN KEY (salon_id) REFERENCES salons (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX bookings_booking_code_salon_id_key ON bookings (booking_code, salon_id);

CREATE TABLE messages (
  id              TEXT               NOT NULL,
  salon_id        TEXT               NOT NULL,
  direction       "MessageDirection" NOT NULL,
  conversation_id TEXT,
  phone_number    TEXT               NOT NULL,
  message_type    "MessageType"      NOT NULL,
  content         TEXT               NOT NULL,
  whatsapp_id     TEXT,
  status          "MessageStatus"    NOT NULL DEFAULT 'SENT',
  cost            DOUBLE PRECISION,
  metadata        JSONB,
  created_at      TIMESTAMP(3)       NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_salon_id_fkey FOREIGN KEY (salon_id) REFERENCES salons (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX messages_whatsapp_id_key ON messages (whatsapp_id);

CREATE TABLE templates (
  id         TEXT             NOT NULL,
  salon_id   TEXT             NOT NULL,
  name       TEXT             NOT NULL,
  language   TEXT             NOT NULL DEFAULT 'ru',
  category   TEXT             NOT NULL,
  status     "TemplateStatus" NOT NULL DEFAULT 'PENDING',
  content    JSONB,
  created_at TIMESTAMP(3)     NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP(3)     NOT NULL,
  CONSTRAINT templates_pkey PRIMARY KEY (id),
  CONSTRAINT templates_salon_id_fkey FOREIGN KEY (salon_id) REFERENCES salons (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX templates_name_salon_id_language_key ON templates (name, salon_id, language);

CREATE TABLE conversations (
  id              TEXT                 NOT NULL,
  salon_id        TEXT                 NOT NULL,
  phone_number    TEXT                 NOT NULL,
  status          "ConversationStatus" NOT NULL DEFAULT 'ACTIVE',
  started_at      TIMESTAMP(3)         NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_message_at TIMESTAMP(3)         NOT NULL DEFAULT CURRENT_TIMESTAMP,
  message_count   INTEGER              NOT NULL DEFAULT 0,
  cost            DOUBLE PRECISION     NOT NULL DEFAULT 0,
  created_at      TIMESTAMP(3)         NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT conversations_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX conversations_salon_id_phone_number_key ON conversations (salon_id, phone_number);

CREATE TABLE webhook_logs (
  id                 TEXT         NOT NULL,
  salon_id           TEXT,
  event_type         TEXT         NOT NULL,
  payload            JSONB        NOT NULL,
  status             TEXT         NOT NULL,
  error              TEXT,
  processing_time_ms INTEGER,
  created_at         TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT webhook_logs_pkey PRIMARY KEY (id)
);

CREATE TABLE ai_conversations (
  id              TEXT             NOT NULL,
  salon_id        TEXT             NOT NULL,
  phone_number    TEXT             NOT NULL,
  conversation_id TEXT             NOT NULL,
  ai_model        TEXT             NOT NULL DEFAULT 'gpt-4',
  total_tokens    INTEGER          NOT NULL DEFAULT 0,
  total_cost      DOUBLE PRECISION NOT NULL DEFAULT 0,
  message_count   INTEGER          NOT NULL DEFAULT 0,
  last_activity   TIMESTAMP(3)     NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_at      TIMESTAMP(3)     NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT ai_conversations_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ai_conversations_conversation_id_key ON ai_conversations (conversation_id);
CREATE UNIQUE INDEX ai_conversations_salon_id_phone_number_key ON ai_conversations (salon_id, phone_number);

CREATE TABLE ai_messages (
  id               TEXT               NOT NULL,
  conversation_id  TEXT               NOT NULL,
  salon_id         TEXT               NOT NULL,
  phone_number     TEXT               NOT NULL,
  direction        "MessageDirection" NOT NULL,
  content          TEXT               NOT NULL,
  ai_model         TEXT,
  tokens_used      INTEGER,
  cost             DOUBLE PRECISION,
  response_time_ms INTEGER,
  intent           TEXT,
  created_at       TIMESTAMP(3)       NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT ai_messages_pkey PRIMARY KEY (id)
);

CREATE TABLE intent_analytics (
  id         TEXT         NOT NULL,
  salon_id   TEXT         NOT NULL,
  intent     TEXT         NOT NULL,
  count      INTEGER      NOT NULL DEFAULT 1,
  date       DATE         NOT NULL,
  created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP(3) NOT NULL,
  CONSTRAINT intent_analytics_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX intent_analytics_salon_id_intent_date_key ON intent_analytics (salon_id, intent, date);
