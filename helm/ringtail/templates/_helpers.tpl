{{/* The chart's name, and the part that the names of all objects begin with. */}}
{{- define "ringtail.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "ringtail.fullname" -}}
{{- $name := include "ringtail.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that never change, of a component: (dict "root" $ "component" "flows"). */}}
{{- define "ringtail.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ringtail.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of an object. Pods have no helm.sh/chart: another version of the chart alone must not restart a capture. */}}
{{- define "ringtail.labels" -}}
{{ include "ringtail.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: ringtail
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "ringtail.serviceAccountName" -}}
{{- $made := ternary (include "ringtail.fullname" .) "default" .Values.serviceAccount.create -}}
{{- default $made .Values.serviceAccount.name -}}
{{- end -}}

{{/* What every pod has: nobody in it talks to the API server. */}}
{{- define "ringtail.podIdentity" -}}
serviceAccountName: {{ include "ringtail.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where a pod may run: the values nodeSelector, affinity, tolerations and priorityClassName of a component. */}}
{{- define "ringtail.placement" -}}
{{- range $key := list "nodeSelector" "affinity" "tolerations" }}
{{- with get $ $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/*
REPOSITORY:TAG or REPOSITORY@DIGEST: (dict "root" $ "image" .Values.sensor.image "name" "sensor"). No image is published, so
there is no default that somebody else could publish under.
*/}}
{{- define "ringtail.image" -}}
{{- $repository := .image.repository -}}
{{- if not $repository -}}
{{- $registry := required "imageRegistry: name the registry that the images of Ringtail were pushed to, such as registry.example.net/net" .root.Values.imageRegistry -}}
{{- $repository = printf "%s/ringtail/%s" $registry .name -}}
{{- end -}}
{{- if .image.digest -}}
{{ $repository }}@{{ .image.digest }}
{{- else -}}
{{ $repository }}:{{ default .root.Chart.AppVersion .image.tag }}
{{- end -}}
{{- end -}}

{{/* A value as text; a number as it was written (Helm reads all as floating point). */}}
{{- define "ringtail.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{- define "ringtail.bootstrapServers" -}}
{{- required "kafka.bootstrapServers: name the brokers, such as kafka-bootstrap.kafka:9092" .Values.kafka.bootstrapServers -}}
{{- end -}}

{{/*
Settings of Kafka's clients as a YAML mapping of texts. Credentials stay in files: Kafka's DirectoryConfigProvider, which
is called `secrets` here, reads them when a client starts.
*/}}
{{- define "ringtail.kafkaProperties" -}}
{{- $properties := dict -}}
{{- $tls := .Values.kafka.tls -}}
{{- $sasl := .Values.kafka.sasl -}}
{{- if or $tls.enabled $sasl.mechanism -}}
{{- $transport := ternary "SSL" "PLAINTEXT" $tls.enabled -}}
{{- $_ := set $properties "security.protocol" (ternary (printf "SASL_%s" $transport) $transport (ne $sasl.mechanism "")) -}}
{{- end -}}
{{- if and (not $tls.enabled) (or $tls.caSecret $tls.clientSecret) -}}
{{- fail "kafka.tls.enabled: it is false, and kafka.tls names a secret; set it to true or leave the secrets out" -}}
{{- end -}}
{{- if $tls.caSecret -}}
{{- $_ := set $properties "ssl.truststore.type" "PEM" -}}
{{- $_ := set $properties "ssl.truststore.location" "/etc/ringtail/secrets/ca.crt" -}}
{{- end -}}
{{- if $tls.clientSecret -}}
{{- $_ := set $properties "ssl.keystore.type" "PEM" -}}
{{- $_ := set $properties "ssl.keystore.certificate.chain" "${secrets:/etc/ringtail/secrets:client.crt}" -}}
{{- $_ := set $properties "ssl.keystore.key" "${secrets:/etc/ringtail/secrets:client.key}" -}}
{{- end -}}
{{- if $sasl.mechanism -}}
{{- $_ := required "kafka.sasl.secret: kafka.sasl.mechanism needs a secret with name and password" $sasl.secret -}}
{{- $module := ternary "plain.PlainLoginModule" "scram.ScramLoginModule" (eq $sasl.mechanism "PLAIN") -}}
{{- $_ := set $properties "sasl.mechanism" $sasl.mechanism -}}
{{- $_ := set $properties "sasl.jaas.config" (printf "org.apache.kafka.common.security.%s required username=\"${secrets:/etc/ringtail/secrets:sasl.username}\" password=\"${secrets:/etc/ringtail/secrets:sasl.password}\";" $module) -}}
{{- else if $sasl.secret -}}
{{- fail "kafka.sasl.mechanism: none is given, and kafka.sasl.secret names a secret; name the mechanism" -}}
{{- end -}}
{{- if or $tls.clientSecret $sasl.mechanism -}}
{{- $_ := set $properties "config.providers" "secrets" -}}
{{- $_ := set $properties "config.providers.secrets.class" "org.apache.kafka.common.config.provider.DirectoryConfigProvider" -}}
{{- $_ := set $properties "config.providers.secrets.param.allowed.paths" "/etc/ringtail/secrets" -}}
{{- end -}}
{{- range $key, $value := .Values.kafka.properties -}}
{{- $_ := set $properties $key (include "ringtail.text" $value) -}}
{{- end -}}
{{- toYaml $properties -}}
{{- end -}}

{{/* Files of secrets, below /etc/ringtail: sources of a projected volume. */}}
{{- define "ringtail.secretSources" -}}
{{- $tls := .Values.kafka.tls -}}
{{- $sasl := .Values.kafka.sasl -}}
{{- with $tls.caSecret }}
- secret:
    name: {{ . }}
    items:
      - {key: {{ $tls.caKey | quote }}, path: secrets/ca.crt}
{{- end }}
{{- with $tls.clientSecret }}
- secret:
    name: {{ . }}
    items:
      - {key: {{ $tls.certificateKey | quote }}, path: secrets/client.crt}
      - {key: {{ $tls.privateKeyKey | quote }}, path: secrets/client.key}
{{- end }}
{{- with $sasl.secret }}
- secret:
    name: {{ . }}
    items:
      - {key: {{ $sasl.usernameKey | quote }}, path: secrets/sasl.username}
      - {key: {{ $sasl.passwordKey | quote }}, path: secrets/sasl.password}
{{- end }}
{{- range .Values.kafka.secretFiles }}
- secret:
    name: {{ .secret }}
    items:
      - {key: {{ .key | quote }}, path: {{ printf "secrets/%s" .file | quote }}}
{{- end }}
{{- end -}}

{{/*
What is mounted at /etc/ringtail: one configuration file and the secrets, readable for the pod's own user and nobody else:
(dict "root" $ "configMap" NAME).
*/}}
{{- define "ringtail.configVolume" -}}
defaultMode: 288 # 0440
sources:
  - configMap:
      name: {{ .configMap }}
  {{- with include "ringtail.secretSources" .root | trim }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Security contexts of pods and containers without any privilege: all but the sensor's. */}}
{{- define "ringtail.unprivilegedPod" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "ringtail.unprivilegedContainer" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
