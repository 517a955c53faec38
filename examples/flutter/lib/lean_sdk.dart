// Lean's widgets, from what the server gives: `lean_sdk_flutter` 3.0.18.

import 'package:flutter/widgets.dart';
import 'package:lean_sdk_flutter/lean_sdk_flutter.dart';

import 'bank_link.dart';

/// The widget of a launch. Values are escaped by the server, so hand them over as they are.
Widget leanWidget(SdkCall call, void Function(Map<String, dynamic>) onResponse) {
  final config = call.config, native = call.native;
  String? text(String name) => config[name] as String?;
  final customization = (config['customization'] as Map?)?.cast<String, String>();
  final country = LeanCountry.values.byName(native['country'] as String);
  final language = LeanLanguage.values.byName(native['language'] as String);
  void callback(LeanResponse response) => onResponse(reportOf(response));

  if (call.method == 'captureRedirect') {
    return Lean.captureRedirect(
      appToken: native['app_token'] as String,
      isSandbox: native['sandbox'] as bool,
      version: native['version'] as String,
      country: country,
      language: language,
      callback: callback,
      customization: customization,
      accessToken: text('access_token'),
      customerId: text('customer_id'),
      consentAttemptId: text('consent_attempt_id'),
      granularStatusCode: text('granular_status_code'),
      statusAdditionalInfo: text('status_additional_info'),
    );
  }
  return Lean.connect(
    appToken: native['app_token'] as String,
    isSandbox: native['sandbox'] as bool,
    version: native['version'] as String,
    country: country,
    language: language,
    callback: callback,
    customization: customization,
    accessToken: text('access_token'),
    customerId: text('customer_id'),
    permissions: [
      for (final name in config['permissions'] as List)
        LeanPermissions.values.byName(name as String)
    ],
    bankIdentifier: text('bank_identifier'),
    accessFrom: text('access_from'),
    accessTo: text('access_to'),
    failRedirectUrl: text('fail_redirect_url'),
    successRedirectUrl: text('success_redirect_url'),
    paymentDestinationId: text('payment_destination_id'),
    customerMetadata: text('customer_metadata'),
    showConsentExplanation: config['show_consent_explanation'] as bool?,
    destinationAlias: text('destination_alias'),
    destinationAvatar: text('destination_avatar'),
  );
}

/// What `POST /callback` takes of Flutter's response, under Flutter's own names.
Map<String, dynamic> reportOf(LeanResponse response) => {
      'status': response.status,
      'message': response.message,
      'lastApiResponse': response.lastApiResponse,
      'exitPoint': response.exitPoint,
      'secondaryStatus': response.secondaryStatus,
      'bankId': response.bankId,
      'bankIsSupported': response.bankIsSupported,
      'exitIntentPoint': response.exitIntentPoint,
      'exitSurveyReason': response.exitSurveyReason,
      'leanCorrelationId': response.leanCorrelationId,
      'userExitIntent': response.userExitIntent,
    };
