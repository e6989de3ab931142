import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints a line for each file and flavour: name, flavour, true or false, and what failed. */
public class Check {
    public static void main(String[] paths) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String path : paths) {
            for (String id : new String[] {"ua1", "2a"}) {
                PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
                try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path), flavour)) {
                    PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
                    ValidationResult result = validator.validate(parser);
                    StringBuilder failed = new StringBuilder();
                    for (TestAssertion assertion : result.getTestAssertions()) {
                        failed.append(" ").append(assertion.getRuleId()).append(": ").append(assertion.getMessage());
                    }
                    System.out.println(new File(path).getName() + " " + id + " " + result.isCompliant() + failed);
                }
            }
        }
    }
}
